"""The programme on one page: what goes on, where, what is late, what was learned, who came."""
