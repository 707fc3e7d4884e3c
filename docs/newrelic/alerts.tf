# Alert conditions. How to apply them: README.md in this folder.

terraform {
  required_providers {
    newrelic = { source = "newrelic/newrelic", version = "~> 3.0" }
  }
}

variable "app_name" {
  description = "Name of the application: NEW_RELIC_APP_NAME, or Leaderboard."
  type        = string
  default     = "Leaderboard"
}

locals {
  # `duration` is in seconds. A condition with `above = false` opens below its threshold.
  conditions = {
    slow_submits = {
      title     = "Submissions are slow: p99 above 1 s for 5 minutes"
      query     = "SELECT average(newrelic.timeslice.value) FROM Metric WHERE appName = '${var.app_name}' AND metricTimesliceName = 'Custom/RequestP99/submit/ok'"
      above     = true
      threshold = 1.0
      duration  = 300
    }
    slow_ranks = {
      title     = "Ranks are slow: p99 above 0.5 s for 5 minutes"
      query     = "SELECT average(newrelic.timeslice.value) FROM Metric WHERE appName = '${var.app_name}' AND metricTimesliceName = 'Custom/RequestP99/rank/ok'"
      above     = true
      threshold = 0.5
      duration  = 300
    }
    slow_top = {
      title     = "The top list is slow: p99 above 0.5 s for 5 minutes"
      query     = "SELECT average(newrelic.timeslice.value) FROM Metric WHERE appName = '${var.app_name}' AND metricTimesliceName = 'Custom/RequestP99/top/ok'"
      above     = true
      threshold = 0.5
      duration  = 300
    }
    error_rate = {
      title     = "More than 1 % of requests fail with a server error (5xx)"
      query     = "SELECT filter(count(newrelic.timeslice.value), WHERE metricTimesliceName LIKE 'Custom/Request/%/failed') / count(newrelic.timeslice.value) * 100 FROM Metric WHERE appName = '${var.app_name}' AND metricTimesliceName LIKE 'Custom/Request/%'"
      above     = true
      threshold = 1
      duration  = 300
    }
    rank_differences = {
      title     = "Ranks differ from the ledger"
      query     = "SELECT max(newrelic.timeslice.value) FROM Metric WHERE appName = '${var.app_name}' AND metricTimesliceName = 'Custom/RanksDifferences'"
      above     = true
      threshold = 0
      duration  = 60
    }
    pending_deltas = {
      title     = "Rank changes are not folded: no service is running, or a bulk load is in progress"
      query     = "SELECT max(newrelic.timeslice.value) FROM Metric WHERE appName = '${var.app_name}' AND metricTimesliceName = 'Custom/RanksPending'"
      above     = true
      threshold = 20000
      duration  = 300
    }
    old_transaction = {
      title     = "A transaction stays open, so dead rows pile up: see the warning in the log or api.horizon_holder() for its session"
      query     = "SELECT max(newrelic.timeslice.value) FROM Metric WHERE appName = '${var.app_name}' AND metricTimesliceName = 'Custom/RanksHorizonAge'"
      above     = true
      threshold = 100000
      duration  = 300
    }
    cache_down = {
      title     = "The cache is down: PostgreSQL answers everything"
      query     = "SELECT average(newrelic.timeslice.value) FROM Metric WHERE appName = '${var.app_name}' AND metricTimesliceName = 'Custom/CacheUp'"
      above     = false
      threshold = 1
      duration  = 120
    }
  }
}

resource "newrelic_alert_policy" "leaderboard" {
  name                = var.app_name
  incident_preference = "PER_CONDITION"
}

resource "newrelic_nrql_alert_condition" "leaderboard" {
  for_each = local.conditions

  policy_id                    = newrelic_alert_policy.leaderboard.id
  name                         = each.value.title
  type                         = "static"
  enabled                      = true
  violation_time_limit_seconds = 86400
  aggregation_window           = 60
  aggregation_method           = "event_flow"
  aggregation_delay            = 120

  nrql {
    query = each.value.query
  }

  critical {
    operator              = each.value.above ? "above" : "below"
    threshold             = each.value.threshold
    threshold_duration    = each.value.duration
    threshold_occurrences = "all"
  }
}
