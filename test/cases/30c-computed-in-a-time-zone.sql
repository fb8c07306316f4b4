-- from: stored generated columns over TIMESTAMP (DATE(created_at), CAST(... AS DATE)): their values are those of the time zone of the session that wrote them
-- right: same where the source's own time zone gives them; never other values in silence
CREATE DATABASE case_30c; USE case_30c; SET SESSION time_zone = '+02:00';
CREATE TABLE made (id INT PRIMARY KEY, ts TIMESTAMP NULL, day DATE GENERATED ALWAYS AS (CAST(ts AS DATE)) STORED, KEY (day));
INSERT INTO made (id, ts) VALUES (1, '2020-01-01 01:00:00'), (2, '2020-07-01 12:00:00'), (3, NULL);
