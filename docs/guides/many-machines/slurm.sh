#!/bin/bash
# The plan once, then as many workers as the array has tasks:
#   mysql-sync plan refresh-staging.yaml --no-input --out refresh-staging.plan.json
#   sbatch slurm.sh
# In the folder of the job, which all nodes see: refresh-staging.yaml, and secrets.env (mode 0600) with lines such as
#   export PROD_PASSWORD='...'
#SBATCH --job-name=refresh-staging
#SBATCH --array=0-7
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=worker-%a.log
# Two minutes before its time is over, and when its node is taken away, the worker is told.
#SBATCH --signal=B:TERM@120

. ./secrets.env
task=${SLURM_ARRAY_TASK_ID:?is set by sbatch}
try=${SLURM_RESTART_COUNT:-0}

worker=
told=
tell() {
  told=yes
  [ -z "$worker" ] || kill -TERM "$worker"
}
trap tell TERM
mysql-sync apply refresh-staging.plan.json --claim --no-input --confirm-target staging --grace 60 --events "worker-$task-$try.ndjson" &
worker=$!
[ -z "$told" ] || kill -TERM "$worker"
wait "$worker"
status=$?
# A signal cuts the wait short, while the worker still ends.
while kill -0 "$worker" 2> /dev/null; do
  wait "$worker"
  status=$?
done

case $status in
  # What another try can mend, three times.
  3 | 4 | 8 | 143) [ "$try" -ge 3 ] || scontrol requeue "$SLURM_JOB_ID" ;;
esac
exit $status
