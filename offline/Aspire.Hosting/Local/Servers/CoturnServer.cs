namespace Aspire.Hosting.Local.Servers;

/// <summary>The machine's own TURN server; a machine without one runs without.</summary>
internal sealed class CoturnServer : ILocalServer
{
    public Task<ProcessSpec> PrepareAsync(ResourceStart start, CancellationToken cancellationToken)
    {
        var program = Programs.Find("turnserver")
            ?? throw new ServerUnavailableException($"{start.Resource.Name}: turnserver is not installed, so no media relay is offered. Install it: apt-get install coturn");

        // The secret is among the arguments; in a file that only its owner can read it is hidden from the machine's other users.
        var settings = start.Arguments.Select(argument => argument.TrimStart('-'))
            .Append("listening-ip=127.0.0.1")
            .Append("relay-ip=127.0.0.1")
            .Append($"pidfile={Path.Combine(start.RunDirectory, "turnserver.pid")}")
            .Append($"userdb={Path.Combine(start.RunDirectory, "turndb")}");
        var file = PrivateFile.Write(start.RunDirectory, "turnserver.conf", string.Join('\n', settings));
        return Task.FromResult(new ProcessSpec(program, ["-c", file]) { WorkingDirectory = start.RunDirectory });
    }
}
