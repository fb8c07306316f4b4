-- from: mysql-shell "create_invisible_pks" and mysqldump --skip-generated-invisible-primary-key reports (generated invisible primary key hidden by show_gipk_in_create_table_and_information_schema=OFF)
-- right: same with my_row_id, or announced
CREATE DATABASE case_41; USE case_41; SET SESSION sql_generate_invisible_primary_key = 1;
CREATE TABLE nokey (a INT, b VARCHAR(10)); INSERT INTO nokey VALUES (1, 'x'), (1, 'x'), (2, 'y'); DELETE FROM nokey WHERE my_row_id = 2; INSERT INTO nokey VALUES (9, 'z');
