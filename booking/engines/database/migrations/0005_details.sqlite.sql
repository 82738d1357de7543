-- What is known of the people of a booking, as JSON. Apart from the booking, so that it can be
-- forgotten: a booking is not.

CREATE TABLE booking_details (
    event TEXT NOT NULL,
    reference TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (event, reference)
);
