"""Who is who in the programme, and inviting people: for programme managers."""
