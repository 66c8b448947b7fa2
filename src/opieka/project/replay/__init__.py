"""A real shop's past, played again as if it were happening: what would Opieka have said, and when?

`happenings` takes records apart into what was known when; `play` hands it to the same commands, sweeps and reactions
that a living shop uses, under a clock that runs ahead; `weeks` compares what was announced with what came.
"""
