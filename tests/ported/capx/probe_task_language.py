# profile: capx
# api: capx
# task: libero_spatial_task/0
# kinds: 6
# outcome: prints
# > True True
# > True
# The file's name is not the goal: the sentence is read.
sentence = env.handle.task_language
print(type(sentence) is str, len(sentence.split()) > 4)
print("bowl" in sentence.lower() and "plate" in sentence.lower())
