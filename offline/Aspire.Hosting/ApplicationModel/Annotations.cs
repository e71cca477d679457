namespace Aspire.Hosting.ApplicationModel;

/// <summary>What the container of a resource is made of.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    public required string Image { get; set; }

    public string? Tag { get; set; }
}

/// <summary>Whether a mount is a folder of the host or a named volume.</summary>
public enum ContainerMountType
{
    BindMount,
    Volume,
}

/// <summary>Storage that outlives the server.</summary>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    public string? Source { get; } = source;

    public string Target { get; } = target;

    public ContainerMountType Type { get; } = type;

    public bool IsReadOnly { get; } = isReadOnly;
}

/// <summary>How many instances of a project run behind its endpoints.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    public int Replicas { get; } = replicas;
}

/// <summary>Starts only when a person asks for it.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>Whether the wait is for the start, for health or for the end of another resource.</summary>
public enum WaitType
{
    WaitUntilHealthy,
    WaitForCompletion,
    WaitUntilStarted,
}

/// <summary>Whose state the start of a resource waits for.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public WaitType WaitType { get; } = waitType;
}

/// <summary>Sets environment variables when the resource starts.</summary>
public sealed class EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback) : IResourceAnnotation
{
    public Action<EnvironmentCallbackContext> Callback { get; } = callback;
}

/// <summary>The environment variables that a resource starts with.</summary>
public sealed class EnvironmentCallbackContext(IResource resource, Dictionary<string, object> environmentVariables)
{
    public IResource Resource { get; } = resource;

    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables;
}

/// <summary>Adds arguments when the resource starts.</summary>
public sealed class CommandLineArgsCallbackAnnotation(Action<CommandLineArgsCallbackContext> callback) : IResourceAnnotation
{
    public Action<CommandLineArgsCallbackContext> Callback { get; } = callback;
}

/// <summary>The arguments that a resource starts with: strings, or values known only then.</summary>
public sealed class CommandLineArgsCallbackContext(IList<object> args)
{
    public IList<object> Args { get; } = args;
}

/// <summary>One answer to "can this replica be used?", asked until it says yes.</summary>
/// <param name="probe">Given the replica's number from 0, returns null when healthy and else what is wrong.</param>
internal sealed class HealthProbeAnnotation(Func<int, CancellationToken, Task<string?>> probe) : IResourceAnnotation
{
    public Func<int, CancellationToken, Task<string?>> Probe { get; } = probe;
}

/// <summary>Work to be done once the parent is healthy, such as creating a database.</summary>
internal sealed class CreateInParentAnnotation(Func<CancellationToken, Task> create) : IResourceAnnotation
{
    public Func<CancellationToken, Task> Create { get; } = create;
}
