"""Whether two outputs differ by rounding alone: the referee, the tolerance, the judgement."""
