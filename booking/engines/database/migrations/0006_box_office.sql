-- What the box office does, who did it, and why. `actor` is the name of an organiser's key; without
-- one and without a holder, it was the administrator.

ALTER TABLE history ADD COLUMN actor TEXT;
ALTER TABLE history ADD COLUMN note TEXT;

-- Why a lock was taken from its holder; what seats are off sale for.
ALTER TABLE seat ADD COLUMN taken TEXT;
ALTER TABLE seat ADD COLUMN block_name TEXT;
ALTER TABLE seat ADD COLUMN block_note TEXT;
