"""Background work: committed events become jobs, and jobs run until they are done or a person is asked (STYLE §4)."""
