-- from: Icinga 2 IDO (loge_inst_id_time_idx), Icinga DB (idx_notification_history_send_time), Matomo (index_idsite_idvisitor_time): KEY (... DESC)
-- right: a note that the key becomes ascending, or a refusal in the plan.
CREATE DATABASE case_b04; USE case_b04;
create table visit (id int not null primary key, at datetime not null, key newest (at desc)) default charset=utf8mb4 collate=utf8mb4_general_ci;
