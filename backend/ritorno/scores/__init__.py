"""What the models say of a customer: fitted rhythms, due dates, stages, and the pure formulas behind them."""
