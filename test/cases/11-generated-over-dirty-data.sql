-- from: bugs.mysql.com #106418 https://bugs.mysql.com/bug.php?id=106418 and flydev Duplicator #58 (generated columns over values that only a lenient session takes)
-- right: same (the rows are on the source), or a failed database with a message that names the column
CREATE DATABASE case_11; USE case_11;
SET SESSION sql_mode = '';
CREATE TABLE import (id INT PRIMARY KEY, raw VARCHAR(50), n INT GENERATED ALWAYS AS (CAST(raw AS SIGNED)) STORED);
INSERT INTO import (id, raw) VALUES (1, '12'), (2, '12 apples'), (3, 'none'), (4, NULL);
