"""What the templates of the sign-in may use beside what Django brings."""
