"""The benchmarks behind `ganstudio bench`, one file each."""
