"""A port and its source in, the port again with one place of it broken, many times: who notices?"""
