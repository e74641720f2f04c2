"""What breaks the running product, alone and in pairs, under load: is anything lost, and what is said?"""
