"""What is printed and packed: papers, Excel sheets, archive packages."""
