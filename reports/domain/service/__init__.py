"""Service-quality reports: when one is due, what it says, its workbook and sheets, and what people do about it."""
