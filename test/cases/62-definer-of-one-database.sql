-- from: Magento and wp-cli reports (#643 of platformsh/legacy-cli, mage2click #61): programs of an application account that has privileges in its own database only, on both servers
-- right: same (the account exists on the target with the same privileges)
CREATE DATABASE case_62; USE case_62; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);
CREATE DEFINER = case_app VIEW v AS SELECT id FROM t; CREATE DEFINER = case_app VIEW w AS SELECT id FROM v; CREATE DEFINER = case_app SQL SECURITY INVOKER VIEW x AS SELECT id FROM w; CREATE DEFINER = case_app TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @n = (SELECT COUNT(*) FROM w); CREATE DEFINER = case_app PROCEDURE p () SELECT * FROM w;
