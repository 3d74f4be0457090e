"""The mathematics of the input of G, and the thread that answers the hand on the slider. No Qt."""
