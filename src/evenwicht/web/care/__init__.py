"""Who cares for which relation, in teams or alone, and how people order their list: tags, saved views. Private to an organisation."""
