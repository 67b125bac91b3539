"""Reading and writing of workbooks and delimited text, without any knowledge of what they hold."""
