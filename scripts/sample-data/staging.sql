-- The target of the demo: a shop and a crm of an earlier time, and a database of its own that must stay untouched.
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';
SET autocommit = 0;

CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
USE shop;

CREATE TABLE customers (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(80) NOT NULL,
  email VARCHAR(120) NOT NULL,
  UNIQUE KEY (email)
);
INSERT INTO customers SELECT seq, CONCAT('Old customer ', seq), CONCAT('customer', seq, '@shop.example') FROM seq_1_to_4000;
CREATE TABLE orders (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  customer_id INT UNSIGNED NOT NULL,
  ordered_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT order_customer FOREIGN KEY (customer_id) REFERENCES customers (id)
);
INSERT INTO orders SELECT seq, 1 + seq % 4000, '2023-01-01' + INTERVAL seq MINUTE FROM seq_1_to_9000;
CREATE TABLE tmp_import (line INT PRIMARY KEY, raw TEXT) COMMENT = 'Left by somebody; not on the source';
INSERT INTO tmp_import SELECT seq, REPEAT('x', 100) FROM seq_1_to_500;
CREATE TABLE order_log (id INT AUTO_INCREMENT PRIMARY KEY, order_id INT UNSIGNED NOT NULL);
COMMIT;

CREATE DEFINER = shop_owner@localhost VIEW order_totals AS SELECT id, customer_id, 0 AS total FROM orders;
DELIMITER //
CREATE DEFINER = shop_owner@localhost TRIGGER log_order AFTER INSERT ON orders FOR EACH ROW
  INSERT INTO order_log (order_id) VALUES (NEW.id)//
CREATE DEFINER = shop_owner@localhost PROCEDURE restock(IN wanted_product INT UNSIGNED) SELECT 'not yet'//
DELIMITER ;

CREATE DATABASE crm CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
USE crm;
CREATE TABLE companies (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80) NOT NULL);
INSERT INTO companies SELECT seq, CONCAT('Company ', seq) FROM seq_1_to_800;
CREATE TABLE contacts (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  company_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(80) NOT NULL,
  CONSTRAINT contact_company FOREIGN KEY (company_id) REFERENCES companies (id)
);
INSERT INTO contacts SELECT seq, 1 + seq % 800, CONCAT('Contact ', seq) FROM seq_1_to_5000;
COMMIT;

CREATE DATABASE playground;
USE playground;
CREATE TABLE experiments (id INT AUTO_INCREMENT PRIMARY KEY, title VARCHAR(60) NOT NULL);
INSERT INTO experiments SELECT seq, CONCAT('Experiment ', seq) FROM seq_1_to_300;
COMMIT;
