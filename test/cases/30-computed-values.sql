-- from: bugs.mysql.com #106418 and its kind: values and index entries that a lenient session computed, also beside dates that no calendar has
-- right: same
CREATE DATABASE case_30; USE case_30; SET SESSION sql_mode = '';
CREATE TABLE dated (id INT PRIMARY KEY, on_day DATE, raw VARCHAR(50), d DATE GENERATED ALWAYS AS (STR_TO_DATE(raw, '%d.%m.%Y')) STORED);
INSERT INTO dated (id, on_day, raw) VALUES (1, '2020-02-28', '31.02.2020'), (2, '2020-02-00', '01.03.2020'), (3, NULL, 'soon'), (4, NULL, '00.03.2020');
CREATE TABLE invalid (id INT PRIMARY KEY, on_day DATE, y INT GENERATED ALWAYS AS (DAYOFMONTH(on_day)) STORED);
SET SESSION sql_mode = 'ALLOW_INVALID_DATES'; INSERT INTO invalid (id, on_day) VALUES (1, '2020-02-31'), (2, '2020-02-29'); SET SESSION sql_mode = '';
CREATE TABLE no_zero (id INT PRIMARY KEY, raw VARCHAR(50), d DATE GENERATED ALWAYS AS (STR_TO_DATE(raw, '%d.%m.%Y')) STORED);
SET SESSION sql_mode = 'NO_ZERO_DATE,NO_ZERO_IN_DATE'; INSERT INTO no_zero (id, raw) VALUES (1, '00.00.2020'), (2, '31.12.2020'); SET SESSION sql_mode = '';
CREATE TABLE looked_up (id INT PRIMARY KEY, raw VARCHAR(50), n INT GENERATED ALWAYS AS (CAST(raw AS SIGNED)) VIRTUAL, KEY (n) /*!80013 , KEY over_expression ((CAST(raw AS SIGNED))) */);
INSERT INTO looked_up (id, raw) VALUES (1, '12 apples'), (2, 'none'), (3, NULL);
