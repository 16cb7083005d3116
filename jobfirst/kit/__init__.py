"""The form, table and page kit: how every page of JobFirst looks and answers. Knows no app."""
