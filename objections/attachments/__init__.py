"""Files to a case: accepted by content, drawn anew or cleaned, sealed, and handed out only behind a permission."""
