namespace Aspire.Hosting.Local;

/// <summary>A program as it is to be started.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    public required string WorkingDirectory { get; init; }

    /// <summary>Variables beside those of the AppHost's own environment; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The signal that asks for a clean end.</summary>
    public int StopSignal { get; init; } = LocalProcess.SigTerm;

    /// <summary>Whether the signal goes to the program's children as well, for programs that do not pass it on.</summary>
    public bool SignalChildren { get; init; }

    /// <summary>The account to run as, for servers that refuse root; null for the AppHost's own.</summary>
    public UserAccount? RunAs { get; init; }
}

/// <summary>An account of this machine.</summary>
internal readonly record struct UserAccount(string Name, int UserId, int GroupId)
{
    /// <summary>The account named <paramref name="preferred"/> or else the one that owns nothing.</summary>
    public static UserAccount Find(string preferred)
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4)
            .ToDictionary(fields => fields[0], fields => (User: fields[2], Group: fields[3]));
        var name = accounts.ContainsKey(preferred) ? preferred : "nobody";
        return accounts.TryGetValue(name, out var ids)
            ? new UserAccount(name, int.Parse(ids.User, System.Globalization.CultureInfo.InvariantCulture), int.Parse(ids.Group, System.Globalization.CultureInfo.InvariantCulture))
            : new UserAccount(name, 65_534, 65_534);
    }
}
