"""Models of TensorFlow and Keras: built, run and looked into. Runs in a child."""
