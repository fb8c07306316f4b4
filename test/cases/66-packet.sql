-- from: ERROR 1153 / 2006 reports of restores (rows larger than max_allowed_packet of the target), also with lc_messages of another language
-- right: failed database, target unchanged, the message says which setting; or same
CREATE DATABASE case_66; USE case_66; CREATE TABLE b (id INT PRIMARY KEY, v LONGBLOB); INSERT INTO b VALUES (1, REPEAT(0x00FF27, 1200000)), (2, 'x');
