"""Forms made from the schemas of packs: each key an input of its own, each list rows; nothing is lost on the way."""
