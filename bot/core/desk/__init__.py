"""The front desk: what people may ask, as data, and how what they type is read."""
