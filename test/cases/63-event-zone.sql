-- from: ERROR 1298 "Unknown or incorrect time zone" reports of restores (events of a named time zone; the target has no time zone tables)
-- right: named before anything is written, or failed with the way out, target unchanged
CREATE DATABASE case_63; USE case_63; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);
SET time_zone = 'Europe/Brussels'; CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2037-03-29 02:30:00' DISABLE DO SELECT 1;
