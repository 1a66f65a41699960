"""Workbooks (电子表格) as people really have them: refused or read, understood, and handed back with what to do.

`preflight` refuses hostile files in milliseconds, `reader` reads the rest in a limited child process, `header` finds
the table, `rows` and `insurance` turn its rows into checked ones, `annotate`, `template` and `writer` write workbooks.
Nothing here needs Django.
"""
