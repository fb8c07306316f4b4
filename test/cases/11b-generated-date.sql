-- from: bugs.mysql.com #106418 (stored generated column made by STR_TO_DATE of free text, in a lenient session)
-- right: same, or a failed database with a message that names the column
CREATE DATABASE case_11b; USE case_11b;
SET SESSION sql_mode = '';
CREATE TABLE import (id INT PRIMARY KEY, raw VARCHAR(50), d DATE GENERATED ALWAYS AS (STR_TO_DATE(raw, '%d.%m.%Y')) STORED, short VARCHAR(3) GENERATED ALWAYS AS (raw) STORED, KEY (d));
INSERT INTO import (id, raw) VALUES (1, '24.12.2020'), (2, 'soon'), (3, '31.02.2020'), (4, NULL);
