-- from: values in MySQL's JSON whose types its text does not show, as JSON_OBJECT over a DECIMAL column stores them
-- right: same by the native engine; the dump engine names the row, the path, the type and the way out
CREATE DATABASE case_06; USE case_06; CREATE TABLE keyed (shop VARCHAR(9), id INT, doc JSON, PRIMARY KEY (shop, id)); INSERT INTO keyed VALUES ('a', 1, '{"total": 1.50}'), ('a', 7, JSON_OBJECT('total', 1.50));
CREATE DATABASE case_06b; USE case_06b; CREATE TABLE bare (doc JSON); INSERT INTO bare VALUES ('["x", "2020-01-01"]'), (JSON_ARRAY('x', DATE '2020-01-01')), ('["x", "2020-01-01"]'), (JSON_ARRAY('x', DATE '2020-01-01'));
