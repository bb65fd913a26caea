"""What the business must be able to show of itself (GDPR art. 5(2)): its register of processing, processors, breaches,
and the documents printed from them.
"""
