-- USER or BACKGROUND: whether somebody waits for the task.
alter table sync_task add column priority varchar(16) default 'BACKGROUND' not null;
