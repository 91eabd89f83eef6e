"""`onewindow completion`: the script by which a shell completes commands and options."""

from typing import Literal

from .ending import DONE


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Write the script by which a shell completes commands, options and their values.

    In bash: source <(onewindow completion bash). 输出 shell 补全脚本，如 bash：source <(onewindow completion bash)

    :param shell: Whose script: bash, zsh or fish. shell 名称
    """
    from .application import application
    from .console import write_bytes

    write_bytes(application().generate_completion(prog_name="onewindow", shell=shell).encode())
    return DONE
