"""What the dashboards show: which figures, limited to whom and what, compared with which days; `reading` counts."""
