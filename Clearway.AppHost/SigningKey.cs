namespace Clearway.AppHost;

/// <summary>The key that signs tokens: files on this machine, a secret of the deployment in the cloud.</summary>
internal static class SigningKey
{
    public static IResourceBuilder<ProjectResource> WithSigningKey(this IResourceBuilder<ProjectResource> auth)
    {
        var builder = auth.ApplicationBuilder;
        return builder.ExecutionContext.IsPublishMode
            ? auth.WithEnvironment("Auth__SigningKeyPem", builder.AddParameter("auth-signing-key", secret: true))
            : auth.WithEnvironment("Auth__KeysDirectory", Path.Combine(builder.StateDirectory() ?? Path.Combine(builder.AppHostDirectory, ".state"), "auth-keys"));
    }
}
