using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace Aspire.Hosting;

/// <summary>Where a project of the solution is; the build generates one class for each reference of the AppHost.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;
}

/// <summary>Adds projects of the solution to the model.</summary>
public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var project = new TProject();
        var settings = ProjectSettings.Read(project.ProjectPath);
        var added = builder.AddResource(new ProjectResource(name)).WithAnnotation(project);
        foreach (var endpoint in settings.Endpoints)
        {
            added.WithAnnotation(endpoint);
        }

        return added.WithEnvironment(context =>
        {
            foreach (var (variable, value) in settings.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(variable, value);
            }
        });
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
}
