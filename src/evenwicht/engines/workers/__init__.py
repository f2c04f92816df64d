"""Files are read in processes of their own, which know the importers and nothing else and have limits on time and memory:
a file that hangs, swallows memory or breaks its reader costs that file, and nothing around it.

    limits.py    how much one file may take, and what is said when it takes more
    one_file.py  who claims a file, and what its importer gives
    columns.py   events as a few blocks of bytes, and those as rows: what goes over the pipe
    worker.py    what runs in such a process
    pool.py      starts the processes, hands out the files, ends who stays too long
"""
