"""Erasure by the rules of retention.

`due` says who is to go and `blocking` what stands against it; `runs` are the lists that two persons approve,
`carrying_out` them; `treatment` is what becomes of each table, `engine` erases one citizen; `lists` is the
list of erasures outside the database.
"""
