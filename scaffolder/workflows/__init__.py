"""What the commands do: each takes a request and returns a value; none prints, asks or exits."""
