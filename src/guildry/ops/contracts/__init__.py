"""What clients build on: the documents of the program, how they may change, and clients made from them."""
