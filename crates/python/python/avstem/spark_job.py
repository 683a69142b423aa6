"""The script for ``spark-submit``; its words are those of ``python -m avstem.spark``."""

from avstem.spark import main

if __name__ == "__main__":
    main()
