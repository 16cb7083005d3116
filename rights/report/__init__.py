"""The access report of one citizen: `coverage` says which tables belong to her, `gathering` reads their rows,
`values` makes them JSON, `document` the whole report, and `summary` what its PDF shows."""
