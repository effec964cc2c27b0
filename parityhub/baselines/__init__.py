"""The reference pair: one small physics-informed ptychography network, in two frameworks."""
