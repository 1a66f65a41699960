"""优秀站点 (第四章; R-36 … R-42): rounds, candidates, titles, 复核."""
